#pragma once

#include "tests/sandbox/faults.hpp"
#include "tests/sandbox/rsp/card.hpp"

#include <map>
#include <optional>
#include <string>

namespace sandbox::rsp {

/// What a modem says of itself, of its SIM and of the network (27.007), enough for ModemManager to
/// take it for one. It reads its card when its radio is switched on: not before, since some modems
/// do not look at the card when it asks for it.
class radio {
public:
    radio(card& inside, faults& active) : card_(inside), faults_(active) {}

    /// The answer, without the final OK; nothing for a command that is not about this, or refused.
    std::optional<std::string> answer(const std::string& line);
    /// True if there is a SIM, as far as the modem has read.
    bool has_sim() const { return !read_iccid_.empty(); }
    /// That of its first PDP context.
    std::string apn() const;
    /// How often it was told to leave packet data.
    int detaches() const { return detaches_; }

private:
    std::optional<std::string> answer_of_sim(const std::string& line) const;
    std::optional<std::string> answer_of_network(const std::string& line);
    std::optional<std::string> answer_about_data(const std::string& line);
    char registration();

    card& card_;
    faults& faults_;
    bool is_on_ = true;
    std::map<std::string, std::string> contexts_{
        {"1", R"("IPV4V6","")"}, {"2", R"("IPV4V6","ims")"}};
    int detaches_ = 0;
    std::string
        read_iccid_;  // of the profile that it read when it was switched on, nibbles swapped
};

}  // namespace sandbox::rsp

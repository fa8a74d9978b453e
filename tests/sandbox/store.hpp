#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <map>
#include <string>
#include <vector>

namespace sandbox {

/// One customer as the API gives it, and its text, made once and again after a change.
class record {
public:
    explicit record(boost::json::object document) : document_(std::move(document)) {}

    boost::json::object& change()
    {
        text_.clear();
        is_changed_ = true;
        return document_;
    }
    const boost::json::object& document() const { return document_; }
    bool is_changed() const { return is_changed_; }
    std::string uid() const;
    /// The JSON of the record, without eSIMs that are not active if `only_active`.
    std::string text(bool only_active) const;

private:
    boost::json::object document_;
    mutable std::string text_;  // of all eSIMs
    bool is_changed_ = false;
};

/// What the stand-in knows: customers, packages, connections. What was changed is kept in the
/// state directory and is there again after a restart.
class store {
public:
    /// `generated` customers beside the samples.
    store(std::string directory, const std::string& smdp, int generated);

    std::vector<record>& customers() { return customers_; }
    /// Null if there is none.
    record* find_customer(const std::string& uid);
    record& add_customer(boost::json::object document);
    boost::json::array& inventory() { return inventory_; }
    /// Answers to requests with an idempotency key: key -> (request, answer).
    std::map<std::string, std::pair<std::string, std::string>>& replays() { return replays_; }
    const std::string& smdp() const { return smdp_; }
    unsigned long long next_number() { return ++last_number_; }

    /// Writes what has changed. Call after each change.
    void save() const;

private:
    void load();
    void move_codes(boost::json::object& customer) const;

    std::string file_;
    std::string smdp_;
    std::vector<record> customers_;
    std::map<std::string, std::size_t> by_uid_;
    boost::json::array inventory_;
    std::map<std::string, std::pair<std::string, std::string>> replays_;
    unsigned long long last_number_ = 5'000'000;
};

/// Sets totalAvailableBalance to what is left on the items that are live.
void update_balance(boost::json::object& customer);

/// The system's time as the API prints it.
std::string now_iso();

}  // namespace sandbox

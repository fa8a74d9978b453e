#include "agent/web/attempts.hpp"

#include <algorithm>
#include <cstdint>

namespace agent::web {

bool attempts::take(time_point now)
{
    auto gained = (now - since_) / refill;
    if (gained > 0) {
        left_ = static_cast<int>(std::min<std::int64_t>(left_ + gained, most_));
        since_ = left_ == most_ ? now : since_ + gained * refill;
    }
    if (left_ == 0)
        return false;
    --left_;
    return true;
}

bool attempts::is_fresh(time_point now) const
{
    return left_ + (now - since_) / refill >= most_;
}

bool visitors::take(const std::string& visitor, time_point now)
{
    std::erase_if(known_, [now](const auto& each) { return each.second.is_fresh(now); });
    auto found = known_.find(visitor);
    if (found == known_.end()) {
        if (known_.size() >= most_known)
            return false;
        found = known_.emplace(visitor, attempts()).first;
    }
    // Their own first: whoever has none left takes nobody else's.
    return found->second.take(now) && all_.take(now);
}

}  // namespace agent::web

#pragma once

#include "agent/base/activation_code.hpp"
#include "agent/gigastore/client.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace agent::esim {

/// An eSIM that is to be shown or installed.
struct order {
    std::optional<activation_code> code{};  // none: it is on this card, and Gigastore gives none
    std::string customer_uid{};             // empty for a code that somebody brought
    std::string esim_uid{};
    agent::iccid iccid{};
    std::string imsi{};
    platform::secret installation_url{};  // Gigastore's page for it; empty: none
    std::string state_text{};             // as Gigastore spells it
    bool is_installable = true;           // see gigastore::is_installable()
};

/// Chooses one of a customer's eSIMs (gigastore::choose()) and reads its code. `named` is an ICCID
/// or an eSIM's uid, or empty. Fails as choose() does, and with errc::code_unreadable for a
/// code that is none, unless the eSIM is on this card (`on_card`) already.
result<order> choose_order(
    const gigastore::customer& who, std::string_view named, const std::vector<iccid>& on_card = {});

/// The order of an eSIM that was chosen. Fails with errc::code_unreadable.
result<order> order_of(const gigastore::customer& who, const gigastore::esim& chosen);

/// Fetches the customer, and chooses its order. Fails as client::customer() and choose_order() do.
task<order> fetch_order(
    gigastore::client& api, std::string uid, std::string named, std::vector<iccid> on_card = {});

}  // namespace agent::esim

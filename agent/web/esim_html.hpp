#pragma once

#include "agent/base/activation_code.hpp"
#include "agent/gigastore/types.hpp"
#include "agent/print/texts.hpp"
#include "agent/web/reader.hpp"

#include <string>

namespace agent::web {

/// A line of a <dl>: what a package is called, what is left of it, and until when.
std::string package_row(const gigastore::balance& one, const print::language& in);

/// An activation code's QR, where the page shows one: qr_card() with the words for it.
std::string code_card(const activation_code& code, const print::language& in);

/// The code's parts and the whole, each to be copied, behind a word to open.
std::string by_hand(const activation_code& code, const print::language& in, bool is_open = false);

/// The link that opens this phone's own eSIM settings; empty if it is none that knows such links.
std::string install_link(const activation_code& code, phone on, const print::language& in);

}  // namespace agent::web

// QR and SVG of one activation code, beside the library call alone: median microseconds of
// each, measured by turns in one run, and their ratio.
#include "qr/matrix.hpp"
#include "qr/svg.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <qrencode.h>
#include <string>
#include <vector>

namespace {

double microseconds_of(auto&& work)
{
    auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start)
        .count();
}

double median(std::vector<double> values)
{
    auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

}  // namespace

int main()
{
    const std::string code = "LPA:1$smdp.example.com$K7QX9-2F4M1-8ZB3C-44D1X";
    std::size_t sink = 0;
    std::vector<double> ours;
    std::vector<double> library;
    for (int i = 0; i < 20'000; ++i) {
        library.push_back(microseconds_of([&] {
            QRcode* made = QRcode_encodeString(code.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1);
            sink += static_cast<std::size_t>(made->width);
            QRcode_free(made);
        }));
        ours.push_back(microseconds_of([&] {
            auto made = qr::encode(code);
            sink += qr::to_svg(*made, "eSIM installation code", "QR code").size();
        }));
    }
    double ratio = median(ours) / median(library);
    std::printf(
        "QR with SVG %.1f us, libqrencode's call alone %.1f us, ratio %.2f  (46 characters; %zu)\n",
        median(ours), median(library), ratio, sink % 10);
    return 0;
}

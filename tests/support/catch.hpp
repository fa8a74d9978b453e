#pragma once

// Catch2, and how our results look in its messages.

#include "platform/result.hpp"

#include <catch2/catch.hpp>
#include <sstream>

template <class T>
struct Catch::StringMaker<platform::result<T>> {
    static std::string convert(const platform::result<T>& value)
    {
        std::ostringstream out;
        if (value.has_value())
            out << "a value";
        else
            out << value.error();
        return out.str();
    }
};

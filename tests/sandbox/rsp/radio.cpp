#include "tests/sandbox/rsp/radio.hpp"

namespace sandbox::rsp {
namespace {

std::string line_of(const std::string& text)
{
    return "\r\n" + text + "\r\n";
}

}  // namespace

std::optional<std::string> radio::answer(const std::string& line)
{
    if (line.starts_with("AT+CFUN=")) {
        is_on_ = line == "AT+CFUN=1";
        read_iccid_ = is_on_ ? card_.enabled_iccid() : "";
        return "";
    }
    if (line == "AT+CFUN?")
        return line_of(is_on_ ? "+CFUN: 1" : "+CFUN: 4");
    if (line == "AT+CGMI")
        return line_of("Sandbox");
    if (line == "AT+CGMM")
        return line_of("Soft modem");
    if (line == "AT+GCAP")
        return line_of("+GCAP: +CGSM");
    if (line == "AT+CGSN")
        return line_of("490154203237518");
    for (const char* each : {"ATV1", "ATX4", "AT&C1", "ATH", "ATZ"})
        if (line == each)
            return "";
    if (auto of_sim = answer_of_sim(line))
        return of_sim;
    return answer_of_network(line);
}

std::optional<std::string> radio::answer_of_sim(const std::string& line) const
{
    if (line == "AT+CRSM=176,12258,0,0,10")
        return line_of("+CRSM: 144,0,\"" + read_iccid_ + "\"");
    if (!has_sim())
        return std::nullopt;
    if (line.starts_with("AT+CRSM="))
        return line_of("+CRSM: 106,130");  // no such file
    if (line == "AT+CPIN?")
        return line_of("+CPIN: READY");
    if (line == "AT+CIMI")
        return line_of("001010000042007");
    return std::nullopt;
}

std::string radio::apn() const
{
    const std::string& first = contexts_.at("1");  // "IP","name"
    auto start = first.find(",\"") + 2;
    return first.substr(start, first.size() - start - 1);
}

char radio::registration()
{
    std::string path = "/modem/" + read_iccid_;
    if (!is_on_ || !has_sim())
        return '0';
    char state = '5';  // travellers' profiles roam
    if (faults_.strike(fault_kind::not_registered, path))
        state = '2';
    if (faults_.strike(fault_kind::denied, path))
        state = '3';
    return state;
}

std::optional<std::string> radio::answer_of_network(const std::string& line)
{
    bool has_service = is_on_ && has_sim();
    for (const std::string name : {"CEREG", "CGREG", "CREG"}) {
        if (line == "AT+" + name + "?")
            return line_of("+" + name + ": 0," + registration());
        if (line.starts_with("AT+" + name + "="))
            return "";
    }
    if (line.starts_with("AT+COPS=3,2"))
        return line_of(has_service ? "+COPS: 0,2,\"00101\",7" : "+COPS: 0");
    if (line == "AT+COPS?" || line.starts_with("AT+COPS=3,0"))
        return line_of(has_service ? "+COPS: 0,0,\"Sandbox Mobile\",7" : "+COPS: 0");
    if (line == "AT+CSQ")
        return line_of("+CSQ: 20,99");
    return answer_about_data(line);
}

std::optional<std::string> radio::answer_about_data(const std::string& line)
{
    const std::string define = "AT+CGDCONT=";
    if (line == "AT+CGDCONT=?") {
        std::string out;
        for (const std::string type : {"IP", "IPV6", "IPV4V6"})
            out += line_of("+CGDCONT: (1-8),\"" + type + "\",,,(0),(0)");
        return out;
    }
    if (line == "AT+CGDCONT?" || line == "AT+CGACT?") {
        std::string out;
        for (const auto& [number, its] : contexts_)
            out += line == "AT+CGACT?" ? line_of("+CGACT: " + number + ",0")
                                       : line_of("+CGDCONT: " + number + "," + its + ",\"\",0,0");
        return out;
    }
    if (line.starts_with(define)) {  // 1,"IP","name"
        std::string context = line.substr(define.size());
        auto comma = std::min(context.find(','), context.size());
        contexts_[context.substr(0, comma)] = context.substr(std::min(comma + 1, context.size()));
        return "";
    }
    if (line == "AT+CGATT?")
        return line_of("+CGATT: 1");
    if (line == "AT+CGATT=0")
        ++detaches_;
    for (const char* each : {"AT+CGAUTH=", "AT+CGATT=", "AT+CGACT="})
        if (line.starts_with(each))
            return "";
    return std::nullopt;
}

}  // namespace sandbox::rsp

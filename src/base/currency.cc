#include "base/currency.h"

#include <algorithm>
#include <array>

namespace passmint {
namespace {

// Codes by exponent. Funds codes, metals and testing codes (BOV, XAU, XXX, ...) are left out:
// nobody is paid in them.
constexpr std::string_view kExponent0 =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ";
constexpr std::string_view kExponent3 = "BHD IQD JOD KWD LYD OMR TND ";
constexpr std::string_view kExponent2 =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
    "CAD "
    "CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ "
    "GYD "
    "HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA "
    "MKD "
    "MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR "
    "RON "
    "RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD "
    "TWD "
    "TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG ";

bool Lists(std::string_view codes, std::string_view code) {
  for (std::size_t i = 0; i + 3 < codes.size(); i += 4) {
    if (codes.substr(i, 3) == code) return true;
  }
  return false;
}

}  // namespace

Currency::Currency(std::string_view code, int exponent) : exponent_(exponent) {
  std::copy_n(code.begin(), 3, code_);
}

std::optional<Currency> Currency::Find(std::string_view code) {
  if (code.size() != 3) return std::nullopt;
  if (Lists(kExponent2, code)) return Currency(code, 2);
  if (Lists(kExponent0, code)) return Currency(code, 0);
  if (Lists(kExponent3, code)) return Currency(code, 3);
  return std::nullopt;
}

}  // namespace passmint

#include <utility>

#include "app/commands.h"
#include "image/qr.h"

namespace passmint::app {

Status RunQr(const QrOptions& options, const Console& console) {
  const Result<image::QrMatrix> qr = image::MakeQr(options.text);
  if (!qr.ok()) return qr.error();
  console.out << image::QrToTerminal(qr.value());
  return {};
}

}  // namespace passmint::app

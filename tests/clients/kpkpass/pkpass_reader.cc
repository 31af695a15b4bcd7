// pkpass_reader FILE: prints what KPkPass reads from a bundle, in the language of the environment
// (LANG).

#include <KPkPass/Barcode>
#include <KPkPass/Field>
#include <KPkPass/Pass>
#include <QColor>
#include <QCoreApplication>
#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>
#include <cstdio>
#include <memory>

namespace {

QJsonArray Fields(const QVector<KPkPass::Field>& fields) {
  QJsonArray list;
  for (const KPkPass::Field& field : fields) {
    list.append(QJsonObject{{"key", field.key()},
                            {"label", field.label()},
                            {"value", field.valueDisplayString()},
                            {"change", field.changeMessage()}});
  }
  return list;
}

QJsonObject Image(const KPkPass::Pass& pass, const QString& name) {
  QJsonObject sizes;
  for (unsigned scale = 1; scale <= 3; ++scale) {
    const QImage image = pass.image(name, scale);
    if (!image.isNull()) {
      sizes[QString::number(scale)] = QJsonArray{image.width(), image.height()};
    }
  }
  return sizes;
}

QJsonObject Describe(const KPkPass::Pass& pass) {
  QJsonArray barcodes;
  for (const KPkPass::Barcode& barcode : pass.barcodes()) {
    barcodes.append(QJsonObject{{"format", static_cast<int>(barcode.format())},
                                {"message", barcode.message()},
                                {"text", barcode.alternativeText()}});
  }
  QJsonObject images;
  for (const char* name : {"icon", "logo", "strip", "background", "thumbnail", "footer"}) {
    if (pass.hasImage(QString::fromLatin1(name))) images[name] = Image(pass, name);
  }
  return {{"type", static_cast<int>(pass.type())},
          {"description", pass.description()},
          {"organizationName", pass.organizationName()},
          {"passTypeIdentifier", pass.passTypeIdentifier()},
          {"serialNumber", pass.serialNumber()},
          {"logoText", pass.logoText()},
          {"backgroundColor", pass.backgroundColor().name()},
          {"foregroundColor", pass.foregroundColor().name()},
          {"labelColor", pass.labelColor().name()},
          {"webServiceUrl", pass.webServiceUrl().toString()},
          {"header", Fields(pass.headerFields())},
          {"primary", Fields(pass.primaryFields())},
          {"secondary", Fields(pass.secondaryFields())},
          {"auxiliary", Fields(pass.auxiliaryFields())},
          {"back", Fields(pass.backFields())},
          {"barcodes", barcodes},
          {"images", images}};
}

}  // namespace

int main(int argc, char** argv) {
  const QCoreApplication application(argc, argv);
  if (argc != 2) {
    std::fputs("usage: pkpass_reader FILE\n", stderr);
    return 2;
  }
  const std::unique_ptr<KPkPass::Pass> pass(
      KPkPass::Pass::fromFile(QString::fromLocal8Bit(argv[1])));
  if (pass == nullptr) {
    std::fprintf(stderr, "pkpass_reader: not a pass: %s\n", argv[1]);
    return 1;
  }
  std::fputs(QJsonDocument(Describe(*pass)).toJson().constData(), stdout);
  return 0;
}

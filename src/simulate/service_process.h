#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace passmint::simulate {

// A program of its own, here `passmint serve`, that can be killed as power cuts kill it. For one
// thread at a time. Its output is appended to a file.
class ServiceProcess {
 public:
  // `program` is run with `arguments`, standard error and output appended to `log`.
  ServiceProcess(std::filesystem::path program, std::vector<std::string> arguments,
                 std::filesystem::path log)
      : program_(std::move(program)), arguments_(std::move(arguments)), log_(std::move(log)) {}
  // SIGTERM and waits, if it runs.
  ~ServiceProcess();
  ServiceProcess(const ServiceProcess&) = delete;
  ServiceProcess& operator=(const ServiceProcess&) = delete;

  // Fails with kUnavailable if it cannot be started.
  Status Start();
  // SIGKILL, then waits until it is gone. Nothing if it does not run.
  void Kill() { End(9); }
  // SIGTERM, then waits until it is gone. Nothing if it does not run.
  void Stop() { End(15); }
  // Whether it still runs.
  bool Runs();

 private:
  void End(int signal);

  const std::filesystem::path program_;
  const std::vector<std::string> arguments_;
  const std::filesystem::path log_;
  pid_t pid_ = 0;  // 0: not started, or gone.
};

// Runs a program to its end and returns its standard output; standard error is ours. Fails with
// kUnavailable if it cannot be started or ends with anything but 0.
Result<std::string> RunProgram(const std::filesystem::path& program,
                               const std::vector<std::string>& arguments);

// A TCP port of loopback that was free a moment ago. Fails with kUnavailable.
Result<int> FreePort();

}  // namespace passmint::simulate

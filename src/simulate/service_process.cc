#include "simulate/service_process.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace passmint::simulate {
namespace {

constexpr mode_t kLogMode = 0600;

Error CannotStart(const std::filesystem::path& program, int reason) {
  return {.code = ErrorCode::kUnavailable,
          .message = "cannot run " + program.string() + ": " + std::strerror(reason)};
}

// What posix_spawn wants of a list of arguments; points into `arguments`.
std::vector<char*> ArgumentPointers(std::vector<std::string>& arguments) {
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  return pointers;
}

Result<pid_t> Spawn(const std::filesystem::path& program, const std::vector<std::string>& rest,
                    const posix_spawn_file_actions_t& actions) {
  std::vector<std::string> arguments = {program.string()};
  arguments.insert(arguments.end(), rest.begin(), rest.end());
  const std::vector<char*> pointers = ArgumentPointers(arguments);
  pid_t pid = 0;
  const int failed =
      posix_spawn(&pid, program.c_str(), &actions, nullptr, pointers.data(), environ);
  if (failed != 0) return CannotStart(program, failed);
  return pid;
}

int WaitFor(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

ServiceProcess::~ServiceProcess() { Stop(); }

Status ServiceProcess::Start() {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, kLogMode);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  auto pid = Spawn(program_, arguments_, actions);
  posix_spawn_file_actions_destroy(&actions);
  if (!pid.ok()) return std::move(pid).error();
  pid_ = pid.value();
  return {};
}

void ServiceProcess::End(int signal) {
  if (pid_ == 0) return;
  kill(pid_, signal);
  WaitFor(pid_);
  pid_ = 0;
}

bool ServiceProcess::Runs() {
  if (pid_ == 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) == pid_) pid_ = 0;
  return pid_ != 0;
}

Result<std::string> RunProgram(const std::filesystem::path& program,
                               const std::vector<std::string>& arguments) {
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return CannotStart(program, errno);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  auto pid = Spawn(program, arguments, actions);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);
  std::string output;
  if (pid.ok()) {
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = read(pipe_ends[0], buffer.data(), buffer.size())) > 0;) {
      output.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
  close(pipe_ends[0]);
  if (!pid.ok()) return std::move(pid).error();
  if (const int status = WaitFor(pid.value()); status != 0) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = program.string() + " " + arguments.front() + " failed"};
  }
  return output;
}

Result<int> FreePort() {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool got = descriptor >= 0 && bind(descriptor, generic, length) == 0 &&
                   getsockname(descriptor, generic, &length) == 0;
  if (descriptor >= 0) close(descriptor);
  if (got) return ntohs(address.sin_port);
  return Error{.code = ErrorCode::kUnavailable, .message = "there is no free port on 127.0.0.1"};
}

}  // namespace passmint::simulate

// SPDX-License-Identifier: Apache-2.0
#pragma once

// An open file of this process, closed with its owner.

#include <string>

namespace entente::process {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { Close(); }
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;

  [[nodiscard]] int number() const { return number_; }  // -1: closed
  void Close();
  // Of one that does not block: appends what there is, and closes it at the end of the file.
  void TakeIn(std::string& text);

 private:
  int number_ = -1;
};

// Both ends close when a program is executed; reading does not block.
struct Pipe {
  Pipe();
  Descriptor reading;
  Descriptor writing;
};

}  // namespace entente::process

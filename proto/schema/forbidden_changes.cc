// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>

#include "proto/schema/schema.h"

namespace entente::schema {
namespace {

// What a line says of a name: "field", "4", "repeated entente.v1.Subscription". Without number: "message", "", "".
struct Said {
  std::string kind;
  std::string number;
  std::string shape;
};

struct Schema {
  std::map<std::string, Said> of_name;
  std::map<std::string, std::string> name_of;  // "entente.v1.Hello = 2" -> field or value
  std::set<std::string> reserved;              // "entente.v1.Hello = 7", "entente.v1.Hello.old_name"
};

std::string_view TakeWord(std::string_view& text, std::string_view end = " ") {
  const std::string_view word = text.substr(0, text.find(end));
  text.remove_prefix(std::min(text.size(), word.size() + end.size()));
  return word;
}

std::string ParentOf(std::string_view name) {
  return std::string(name.substr(0, name.rfind('.')));
}

Schema Parse(const Lines& lines) {
  Schema schema;
  for (std::string_view rest : lines) {
    const std::string kind(TakeWord(rest));
    if (kind == "reserved") {
      schema.reserved.emplace(rest);
      continue;
    }
    const std::string name(TakeWord(rest, " = "));
    Said said{kind, {}, {}};
    if (kind != "method") said.number = TakeWord(rest);
    said.shape = rest;
    if (!said.number.empty()) schema.name_of.emplace(ParentOf(name) + " = " + said.number, name);
    schema.of_name.emplace(name, std::move(said));
  }
  return schema;
}

class Comparison {
 public:
  Comparison(const Schema& released, const Schema& present) : released_(released), present_(present) {}

  std::vector<std::string> ForbiddenChanges() {
    for (const auto& [name, said] : released_.of_name) {
      const auto now = present_.of_name.find(name);
      now == present_.of_name.end() ? Gone(name, said) : Changed(name, said, now->second);
    }
    for (const std::string& reserved : released_.reserved) {
      if (!present_.reserved.contains(reserved))
        Complain(reserved + " is not reserved any more", "reserve it again; it was in use once");
    }
    return std::move(complaints_);
  }

 private:
  void Complain(std::string what, std::string_view instead) {
    complaints_.push_back(std::move(what) + ". Instead: " + std::string(instead) + " (proto/README.md)");
  }

  void Gone(const std::string& name, const Said& said) {
    if (said.kind != "field" && said.kind != "value") {
      // What goes with its message is not said again for each part of it.
      return Complain(said.kind + " " + name + " is gone", "keep it, deprecated, until the package is v2");
    }
    const std::string parent = ParentOf(name);
    if (!present_.of_name.contains(parent)) return;
    const std::string number = parent + " = " + said.number;
    if (const auto other = present_.name_of.find(number); other != present_.name_of.end()) {
      return Complain(said.kind + " " + name + " gave its number " + said.number + " to " + other->second,
                      "give it back its name and number; add the other with a new number");
    }
    if (!present_.reserved.contains(number) || !present_.reserved.contains(name)) {
      Complain(said.kind + " " + name + " = " + said.number + " is gone without a trace",
               "reserve its number and its name where it stood, so that neither is used again");
    }
  }

  void Changed(const std::string& name, const Said& was, const Said& is) {
    if (was.kind != is.kind)
      return Complain(name + " was a " + was.kind + " and is a " + is.kind, "choose another name for the new one");
    if (was.number != is.number) {
      Complain(was.kind + " " + name + " had number " + was.number + " and has " + is.number,
               "give it back its number; what is new gets a new number");
    }
    if (was.shape != is.shape) {
      Complain(was.kind + " " + name + " was \"" + was.shape + "\" and is \"" + is.shape + "\"",
               "leave it as it was and add a new " + was.kind + " beside it");
    }
  }

  const Schema& released_;
  const Schema& present_;
  std::vector<std::string> complaints_;
};

}  // namespace

std::vector<std::string> ForbiddenChanges(const Lines& released, const Lines& present) {
  return Comparison(Parse(released), Parse(present)).ForbiddenChanges();
}

}  // namespace entente::schema

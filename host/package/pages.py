#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Man page and completions of bash and zsh, made of what `sapulse --describe` says of its commands and options.

usage: pages.py SAPULSE FOLDER      writes sapulse.1, sapulse.bash and _sapulse into FOLDER

Commands that are in the simulator's plug-in are asked for one by one; without the plug-in they have no options here.
"""
import json
import pathlib
import shlex
import subprocess
import sys

# Values that are names of files, so that a shell can complete them.
FILES = {"FILE", "PATH", "PCAP", "JSON", "JSONL", "SVG", "FST", "SAS.yaml", "PCAPNG"}
FOLDERS = {"DIR"}
PLUGIN = ("sim", "lab")


def ask(program, *command):
    """What the program says of a command; nothing if the command is not there."""
    # Defaults must not depend on who asks.
    answer = subprocess.run([program, *command, "--describe"], capture_output=True, text=True, check=False, env={})
    return json.loads(answer.stdout) if answer.returncode == 0 else None


def read_tree(program):
    """The program with all its commands."""
    tree = ask(program)
    if tree is None:
        sys.exit(f"pages.py: {program} --describe failed")
    tree["commands"] = [(ask(program, command["name"]) if command["name"] in PLUGIN else None) or command
                        for command in tree["commands"]]
    return tree


def is_positional(option):
    return not option["names"][0].startswith("-")


def leaves(tree, path=()):
    """All commands that do something, with the words that lead to them."""
    for command in tree["commands"]:
        here = (*path, command["name"])
        if command["commands"]:
            yield from leaves(command, here)
        else:
            yield here, command


# Man page

def roff(text):
    """Text that troff reads as it is."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + escaped if escaped.startswith((".", "'")) else escaped


def roff_prose(text):
    """Prose, whose hyphens are hyphens, but for those that begin an option."""
    return " ".join(roff(word) if word.startswith(("-", "`-", ".", "'")) else word.replace("\\", "\\e")
                    for word in text.split())


def synopsis(words, command):
    parts = [f"\\fB{roff('sapulse ' + ' '.join(words))}\\fR", "[\\fIOPTION\\fR]..."]
    for option in filter(is_positional, command["options"]):
        name = f"\\fI{roff(option['names'][0].upper())}\\fR"
        parts.append(name if option["required"] else f"[{name}]")
    return " ".join(parts)


def option_lines(option):
    value = f" \\fI{roff(option['value'])}\\fR" if option["value"] and not is_positional(option) else ""
    names = [option["names"][0].upper()] if is_positional(option) else option["names"]
    style = "\\fI" if is_positional(option) else "\\fB"
    notes = ["required"] if option["required"] and not is_positional(option) else []
    if option["default"]:
        notes.append(f"default: {roff(option['default'])}")
    what = roff_prose(option["what"]) + (f" ({'; '.join(notes)})" if notes else "")
    return [".TP", ", ".join(f"{style}{roff(name)}\\fR" for name in names) + value, what]


def man_page(tree, version):
    lines = [f".TH SAPULSE 1 \"\" \"{version}\" \"User Commands\"", ".SH NAME",
             f"sapulse \\- {roff_prose(tree['what'])}", ".SH SYNOPSIS"]
    for words, command in leaves(tree):
        lines += [synopsis(words, command), ".br"]
    lines += [".SH COMMANDS"]
    for words, command in leaves(tree):
        lines += [f".SS {roff(' '.join(words))}", roff_prose(command["what"]) + "."]
        for option in command["options"]:
            if "--help" not in option["names"]:
                lines += option_lines(option)
    lines += [".SH OPTIONS OF ALL COMMANDS"]
    for option in tree["options"]:
        lines += option_lines(option)
    lines += [".SH EXIT STATUS",
              ".TP", "0", "done", ".TP", "1", "the card, the service or the output failed; no reply",
              ".TP", "2", "bad option, file or SA, with one line that says what",
              ".SH FILES", ".TP", "\\fI/etc/sapulse/sapulse.yaml\\fR", "configuration of the service",
              ".TP", "\\fI/run/sapulse/sapulse.sock\\fR", "socket of the service",
              ".TP", "\\fI/var/lib/sapulse\\fR", "SAs and sequence numbers over restarts"]
    return "\n".join(lines) + "\n"


# Completions

def long_names(command):
    return [name for option in command["options"] for name in option["names"] if name.startswith("-")]


def bash_values(command):
    """Cases of what may follow an option."""
    for option in command["options"]:
        if is_positional(option) or not option["value"]:
            continue
        names = "|".join(option["names"])
        if option["choices"]:
            yield f"        {names}) COMPREPLY=($(compgen -W {shlex.quote(' '.join(option['choices']))} -- \"$cur\")); return ;;"
        elif option["value"] in FILES:
            yield f"        {names}) compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\")); return ;;"
        elif option["value"] in FOLDERS:
            yield f"        {names}) compopt -o filenames; COMPREPLY=($(compgen -d -- \"$cur\")); return ;;"
        else:
            yield f"        {names}) return ;;"


def bash_case(path, command):
    words = [c["name"] for c in command["commands"]] + long_names(command)
    yield f"    {shlex.quote(' '.join(path))})"
    yield "      case $prev in"
    yield from bash_values(command)
    yield "      esac"
    yield f"      words={shlex.quote(' '.join(words))} ;;"


def branches(tree, path=()):
    """All commands, those that have others below them first."""
    yield path, tree
    for command in tree["commands"]:
        yield from branches(command, (*path, command["name"]))


def bash_completion(tree):
    known = " ".join(shlex.quote(" ".join(path)) for path, _ in branches(tree) if path)
    lines = ["# bash completion of sapulse; made of `sapulse --describe`", "_sapulse() {",
             "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path= words= i known",
             "  COMPREPLY=()",
             "  for ((i = 1; i < COMP_CWORD; i++)); do",
             f"    for known in {known}; do",
             "      [ \"${path:+$path }${COMP_WORDS[i]}\" = \"$known\" ] && { path=$known; break; }",
             "    done",
             "  done",
             "  case $path in"]
    for path, command in branches(tree):
        lines += bash_case(path, command)
    lines += ["  esac",
              "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))",
              "  if [ ${#COMPREPLY[@]} = 0 ]; then compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\")); fi",
              "}", "complete -F _sapulse sapulse"]
    return "\n".join(lines) + "\n"


def zsh_text(text):
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:").replace("'", "'\\''")


def zsh_action(option):
    if option["choices"]:
        return "(" + " ".join(option["choices"]) + ")"
    if option["value"] in FOLDERS:
        return "_files -/"
    return "_files" if option["value"] in FILES or is_positional(option) else " "


def zsh_option(option):
    if is_positional(option):
        return f"'{'' if option['required'] else ':'}:{zsh_text(option['names'][0])}:{zsh_action(option)}'"
    value = f":{zsh_text(option['value'])}:{zsh_action(option)}" if option["value"] else ""
    return " ".join(f"'{name}[{zsh_text(option['what'])}]{value}'" for name in option["names"])


def zsh_function(path, command):
    """A function for a command; those that have others below them call theirs."""
    name = "_".join(("_sapulse", *path)).replace("-", "_")
    options = [f"    {zsh_option(option)} \\" for option in command["options"]]
    if not command["commands"]:
        return [f"{name}() {{", "  _arguments -s \\", *options, "    && return", "}"]
    choices = " ".join(f"'{c['name']}:{zsh_text(c['what'])}'" for c in command["commands"])
    return [f"{name}() {{", "  local state line", "  local -a commands", f"  commands=({choices})",
            "  _arguments -C \\", *options, "    '1: :->command' '*:: :->rest' && return",
            "  case $state in", "    command) _describe command commands ;;",
            f"    rest) (( $+functions[{name}_$words[1]] )) && {name}_$words[1] ;;", "  esac", "}"]


def zsh_completion(tree):
    lines = ["#compdef sapulse", "# zsh completion of sapulse; made of `sapulse --describe`"]
    for path, command in branches(tree):
        lines += zsh_function(path, command)
    return "\n".join([*lines, "_sapulse \"$@\""]) + "\n"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    tree = read_tree(program)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sapulse.1").write_text(man_page(tree, version), encoding="utf-8")
    (folder / "sapulse.bash").write_text(bash_completion(tree), encoding="utf-8")
    (folder / "_sapulse").write_text(zsh_completion(tree), encoding="utf-8")


if __name__ == "__main__":
    main()

import { createRequire } from "node:module";
import { nearestName } from "@corsac/protocol";
import { checkCommand, type Output } from "./check-command.ts";
import { gatewayHelp } from "./gateway-help.ts";
import { checkHelp, help } from "./help.ts";
import { methodsHelp } from "./methods-help.ts";

const commands = ["check", "gateway", "methods", "help"] as const;

/** Runs the command line and returns the exit status. */
export async function main(args: readonly string[], output: Output): Promise<number> {
  const [first, ...rest] = args;
  switch (first) {
    case "check":
      return checkCommand(rest, output);
    case "gateway":
      return (await import("./gateway-command.ts")).gatewayCommand(rest, output);
    case "methods":
      return (await import("./methods-command.ts")).methodsCommand(rest, output);
    case "help":
    case "--help":
    case "-h":
      output.write(helpOf(rest[0]));
      return 0;
    case "--version":
    case "-V":
      output.write(`${version()}\n`);
      return 0;
    case undefined:
      output.complain("Say what to do: corsac check <url> --origin <origin>; corsac --help tells more.");
      return 2;
    default:
      output.complain(mistaken(first));
      return 2;
  }
}

function helpOf(command: string | undefined): string {
  switch (command) {
    case "check":
      return checkHelp;
    case "gateway":
      return gatewayHelp;
    case "methods":
      return methodsHelp;
    default:
      return help;
  }
}

function mistaken(word: string): string {
  if (/^https?:\/\//i.test(word)) return `Say what to do with it: corsac check ${word} --origin <origin>.`;
  const meant = nearestName(word, [...commands, "--help", "--version"]);
  return `There is no command ${word}${meant === null ? "; corsac --help lists them." : `: did you mean corsac ${meant}?`}`;
}

// By name, so that it does not matter where this file ends up in the package.
function version(): string {
  const manifest: { readonly version: string } = createRequire(import.meta.url)("corsac/package.json");
  return manifest.version;
}

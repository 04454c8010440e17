import { spawn } from "node:child_process";

/** Opens a URL in the visitor's browser. Where there is none, nothing happens: the URL stands in the terminal. */
export function openBrowser(url: string): void {
  const [program, ...args] = commandFor(process.platform);
  const child = spawn(program, [...args, url], { stdio: "ignore", detached: true });
  child.once("error", () => {});
  child.unref();
}

function commandFor(platform: NodeJS.Platform): readonly [program: string, ...args: string[]] {
  switch (platform) {
    case "darwin":
      return ["open"];
    case "win32":
      return ["cmd", "/c", "start", ""];
    default:
      return ["xdg-open"];
  }
}

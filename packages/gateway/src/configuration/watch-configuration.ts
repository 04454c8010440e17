import { type FSWatcher, readFileSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import type { GatewayIssue } from "./configuration-issue.ts";
import type { GatewayConfiguration } from "./gateway-configuration.ts";
import { type LoadOptions, loadConfiguration } from "./load-configuration.ts";

/** What {@link watchConfiguration} tells. */
export interface ConfigurationListener {
  /** The files say something else now, and it is valid. */
  changed(configuration: GatewayConfiguration): void;
  /** What the files say now is not valid; what they said before still holds. */
  refused(issues: readonly GatewayIssue[]): void;
}

/** Ends watching. */
export interface ConfigurationWatch {
  close(): void;
}

/**
 * Watches a configuration file and the policy files that it names, and reads them again when one has changed. Throws
 * nothing: a folder that cannot be watched is not.
 *
 * Folders are watched, not files: editors put a new file in the place of the old one, and a mounted configuration is
 * changed by a link beside it.
 *
 * @param pause milliseconds without a further change before files are read, since writing takes time
 */
export function watchConfiguration(
  file: string,
  options: LoadOptions,
  listener: ConfigurationListener,
  pause = 100,
): ConfigurationWatch {
  const folders = new Map<string, FSWatcher>();
  let files: readonly string[] = [];
  let texts: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;

  function follow(names: readonly string[]): void {
    files = names;
    texts = names.map(textOf);
    for (const folder of new Set(names.map(dirname))) {
      if (!folders.has(folder)) watchFolder(folder);
    }
  }

  function watchFolder(folder: string): void {
    try {
      const watcher = watch(folder, (_, name) => {
        if (name !== null && !name.startsWith("..") && !files.some((path) => basename(path) === name)) return;
        clearTimeout(timer);
        timer = setTimeout(read, pause);
      });
      watcher.on("error", () => watcher.close());
      folders.set(folder, watcher);
    } catch {
      // There is no such folder: then its file is an issue already.
    }
  }

  function read(): void {
    if (files.every((path, i) => textOf(path) === texts[i])) return;
    const loaded = loadConfiguration(file, options);
    follow(loaded.files);
    if (loaded.ok) listener.changed(loaded.configuration);
    else listener.refused(loaded.issues);
  }

  follow(loadConfiguration(file, options).files);
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of folders.values()) watcher.close();
    },
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

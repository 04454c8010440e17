import { chromium } from "./chromium.ts";
import { firefox } from "./firefox.ts";
import type { Profile, ProfileName } from "./profile.ts";
import { standard } from "./standard.ts";
import { webkit } from "./webkit.ts";

/** Every profile by its name. */
export const profiles: Readonly<Record<ProfileName, Profile>> = { standard, chromium, firefox, webkit };

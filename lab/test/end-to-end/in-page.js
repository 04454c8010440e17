// What a visitor does and sees, as functions that run in the page of the lab. Read as text and sent to the browser.

/** Milliseconds that the page may take. */
const patience = 60_000;

/** Resolves with what `look` finds in the document, as soon as that is something. */
function found(look, what) {
  return new Promise((resolve, reject) => {
    const observer = new MutationObserver(() => settle());
    const timer = setTimeout(() => {
      observer.disconnect();
      reject(
        new Error(
          `The page did not get to this: ${what}. It shows: ${document.querySelector("main")?.textContent.slice(0, 1500)}`,
        ),
      );
    }, patience);
    const settle = () => {
      const value = look();
      if (!value) return;
      observer.disconnect();
      clearTimeout(timer);
      resolve(value);
    };
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    settle();
  });
}

const linkTo = (hash) => [...document.querySelectorAll("nav a")].find((link) => link.getAttribute("href") === hash);
const runButton = () => document.querySelector("form button[type=submit]");

/** Resolves when the page is there and listens: it names its window last of all. */
async function isReady() {
  await found(() => document.title.endsWith("corsac lab"), "its own title");
}

/** Goes to a chapter and one of its prepared benches, by its links. */
async function choosePreset({ chapter, id }) {
  const hash = `#${chapter}/${id}`;
  if (linkTo(hash) === undefined) (await found(() => linkTo(`#${chapter}`), `a link to chapter ${chapter}`)).click();
  const link = await found(() => linkTo(hash), `a link to the prepared bench ${id}`);
  if (link.getAttribute("aria-current") !== "true") link.click();
  await found(() => linkTo(hash)?.getAttribute("aria-current") === "true", `the prepared bench ${id}`);
}

/** What the page says about the last run, once it is over. */
async function readResults() {
  const status = await found(() => {
    if (document.querySelector("[role=alert]") !== null) return document.querySelector("[role=alert]");
    const results = document.querySelector("[role=status]");
    const isReady = runButton()?.textContent === "Run" && results?.querySelectorAll("article strong").length > 0;
    return isReady && !results.querySelector(".agreement-wait") ? results : null;
  }, "both verdicts");
  const verdicts = [...status.querySelectorAll("article")].map((card) => ({
    of: card.getAttribute("aria-label"),
    word: card.querySelector("strong")?.textContent ?? card.textContent,
    changed: [...card.querySelectorAll(".effects li")].map((item) => item.textContent),
  }));
  const differences = [...status.querySelectorAll(".differences li")].map((item) => item.textContent);
  return { verdicts, agreement: status.querySelector(".agreement")?.textContent ?? status.textContent, differences };
}

/** Presses Run and waits for both verdicts. */
async function pressRun() {
  const isIdle = (button) => button?.disabled === false && !button.hasAttribute("aria-disabled");
  const button = await found(() => (isIdle(runButton()) ? runButton() : null), "a button to press");
  button.click();
  return readResults();
}

/** Has “Try my API” check what stands in its fields, and waits for its report. */
async function pressCheck() {
  runButton().click();
  const status = await found(() => document.querySelector("[role=status], [role=alert]"), "a report");
  return [...status.querySelectorAll("article strong")].map((word) => word.textContent);
}

/** Resolves when the page shows these posts on the social network's wall, as soon as it has asked for them. */
async function seesWall({ posts }) {
  const words = (post) => `${post.querySelector("strong").textContent} ${post.querySelector("span").textContent}`;
  const shown = () => [...document.querySelectorAll(".wall .posts li")].map(words);
  await found(() => JSON.stringify(shown()) === JSON.stringify(posts), `a wall with ${JSON.stringify(posts)}`);
}

/** Types into the field of this label. */
async function type({ label, text }) {
  const element = await found(
    () => [...document.querySelectorAll("label")].find((each) => each.textContent.trim() === label),
    `a field ${label}`,
  );
  const field = element.control;
  // React hears of values that are set behind its back only this way.
  const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value");
  set.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Every field of the bench and what is in it. */
function readFields() {
  const fields = [...document.querySelectorAll("form input, form select, form textarea")];
  return fields.map((field) => {
    const isChoice = field.type === "radio" || field.type === "checkbox";
    return [field.labels[0]?.textContent ?? field.name, isChoice ? field.checked : field.value];
  });
}

/** Where the keyboard is. */
function readFocus() {
  const { activeElement: element } = document;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
  const isVisible = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
  return {
    name: element.textContent.trim().slice(0, 40) || element.tagName,
    isVisible,
    isRun: element === runButton(),
  };
}

/** What axe finds, one line for each. */
async function findFaults({ contrast }) {
  const options = {
    all: {},
    none: { rules: { "color-contrast": { enabled: false } } },
    only: { runOnly: { type: "rule", values: ["color-contrast"] } },
  };
  const { violations } = await axe.run(document, { resultTypes: ["violations"], iframes: false, ...options[contrast] });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(" ")}: ${failureSummary}`),
  );
}

/** Whether anything reaches beyond the right edge. */
function isTooWide() {
  return document.documentElement.scrollWidth > document.documentElement.clientWidth;
}

globalThis.labVisitor = {
  ...{ isReady, choosePreset, pressCheck, pressRun, readResults, seesWall, type },
  ...{ readFields, readFocus, findFaults, isTooWide },
};

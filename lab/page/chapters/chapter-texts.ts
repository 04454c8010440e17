import type { Chapter } from "../../situation/presets.ts";

/** What each chapter is about, before one tries it. No more than 90 words each. */
export const chapterTexts: Readonly<Record<Chapter, readonly string[]>> = {
  1: [
    "You are logged in at a social network. In another tab an evil site sends the network a form, and your browser adds your cookie, as browsers long did with every request. The network sees you; it does not see who made you ask.",
    "The same-origin policy keeps the evil page from reading the answer. It does not keep the request from being sent. What stops it is the cookie that stays at home, or a server that looks at who asks.",
  ],
  2: [
    "Scheme, host and port: these three make an origin. If one of them differs, a browser takes it for somebody else, even on the same machine.",
    "A site is larger: localhost:3000 and localhost:4000 are two origins of one site. Cookies know hosts and no ports, and SameSite goes by sites; the same-origin policy goes by origins. And a sandboxed document has an origin that nobody can name.",
  ],
  3: [
    "CORS is a conversation of two headers. The browser says who asks: Origin. The server says who may read: Access-Control-Allow-Origin, with one origin or with *.",
    "If the answer fits, the script reads it. If not, it has still been sent, and the browser holds it back. With cookies the rules are stricter: the server has to name the origin and to agree to credentials.",
  ],
  4: [
    "The weather service answers everybody, but has never heard of CORS. No page of yours can read it, whatever you write in your script.",
    "People have tried mode: no-cors, which reads nothing, and JSONP, which hands the other server the keys to your page. What works is somebody in between: a server has no same-origin policy, asks in your place, and adds the header that is missing.",
  ],
  5: [
    "Some requests could always be sent by a form: GET and POST, with a few headers and three content types. For those, nothing is asked beforehand.",
    "Anything else might surprise a server that was written before CORS. So the browser asks first, with OPTIONS: may this method come, may these headers come? Only if the answer says so does it send the request that you wrote.",
  ],
  6: [
    "Asking before every request costs a round trip. So a server may say how long its answer holds: Access-Control-Max-Age, in seconds.",
    "Browsers remember it by URL, origin and credentials, and have limits of their own: two hours in Chromium, a day in Firefox, ten minutes in WebKit. Without the header it is five seconds. While it holds, a change of policy is not noticed.",
  ],
  7: [
    "Between page and server stand others: caches, proxies, gateways. They cannot ask what a request does; they go by its method.",
    "A safe method changes nothing, so its answer may be kept. An idempotent one may be sent twice, so it may be repeated when an answer is lost. POST is neither. Whoever chooses the right method gets help on the way; who does not gets two orders.",
  ],
  8: [
    "Most of the advice that is passed around makes the error go away, and often the protection with it.",
    "These are the usual ones: reflecting every origin, allowing null, forgetting Vary, a login in front of OPTIONS, two layers that both set the header, redirects and errors that take another way out. Run them, and look at what the browser says. It seldom names the cause.",
  ],
};

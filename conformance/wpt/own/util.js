// Shared by our own tests, as globals: `ask` builds a URL of /lab/respond, `seen` reads what arrived there, `outcome`
// is one fetch that must succeed or fail as a network error.
{
  const { ORIGIN, REMOTE_ORIGIN, HTTPS_NOTSAMESITE_ORIGIN, HTTPS_REMOTE_ORIGIN } = get_host_info();

  const latin1 = (s) =>
    [...s].map((c) => (/[A-Za-z0-9]/.test(c) ? c : `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`)).join("");

  Object.assign(self, {
    ORIGIN,
    REMOTE_ORIGIN,
    HTTPS_NOTSAMESITE_ORIGIN,
    HTTPS_REMOTE_ORIGIN,

    /** headers and preflight: [[name, value]]; every request with the same id is noted by the server. */
    ask(origin, { headers = [], preflight = [], status, pstatus, id } = {}) {
      const query = [
        ...headers.map(([n, v]) => `h=${latin1(`${n}: ${v}`)}`),
        ...preflight.map(([n, v]) => `ph=${latin1(`${n}: ${v}`)}`),
      ];
      if (status) query.push(`status=${status}`);
      if (pstatus) query.push(`pstatus=${pstatus}`);
      if (id) query.push(`id=${id}`);
      return `${origin}/lab/respond?${query.join("&")}`;
    },

    seen: async (id) => (await fetch(`${ORIGIN}/lab/log?id=${id}`)).json(),

    show: (v) => JSON.stringify(v).replaceAll(ORIGIN, "ORIGIN"),

    async outcome(t, allowed, url, init) {
      if (allowed) return fetch(url, init);
      await promise_rejects_js(t, TypeError, fetch(url, init));
    },
  });
}

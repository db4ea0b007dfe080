// Asks the server something, and says what became of it: an answer, or why there is none.

/** How long an answer may take, in milliseconds. */
const PATIENCE = 20_000;

const isRedirect = (response) => response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400);

async function read(response) {
  if (response.status === 401 || isRedirect(response)) return { kind: "session" };
  if (response.status === 413) return { kind: "long" };
  if (!response.ok) return { kind: "gone" };
  // A page in place of an answer is the one for signing in.
  if (!(response.headers.get("content-type") ?? "").includes("json")) return { kind: "session" };
  return { kind: "answered", value: await response.json() };
}

/**
 * Posts `body` to `url`. Returns `{kind: "answered", value}`, or `session` where nobody is signed in any more, `long` where it
 * is more than the server takes, `dropped` where `signal` said so, `gone` for all else.
 */
export async function ask(url, body, { fetch = globalThis.fetch, signal, patience = PATIENCE } = {}) {
  const late = AbortSignal.timeout(patience);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body),
      redirect: "manual",
      credentials: "same-origin",
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    return await read(response);
  } catch {
    return { kind: signal?.aborted ? "dropped" : "gone" };
  }
}

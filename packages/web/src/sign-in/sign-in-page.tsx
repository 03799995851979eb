import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ApiError } from "../api/request.js";
import { signIn } from "../api/user.js";
import { navigate, place } from "../router/router.js";
import { Wordmark } from "../shell/wordmark.js";
import "./sign-in.css";

/** Shown when the API answers 401: how to get in. The printed link is the short way, the token the long one. */
export function SignInPage() {
  const token = useSignal("");
  const busy = useSignal(false);
  const problem = useSignal(refused(place.value.query));
  // Who asked for a page was sent here; who came without one has just left.
  const query = new URLSearchParams(place.value.query);
  const headline = query.has("to") || query.has("reason") ? "Sign in" : "You are signed out";
  useEffect(() => {
    document.title = "Sign in · Playhead";
  }, []);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (token.value.trim() === "") return;
    busy.value = true;
    signIn(token.value.trim()).then(
      () => navigate(destination(place.peek().query), { replace: true }),
      (error: unknown) => {
        busy.value = false;
        problem.value = explain(error);
      },
    );
  };

  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <Wordmark />
        <div class="ruler" aria-hidden="true" />
        <h1 class="title-face">{headline}</h1>
        <p>
          When the server starts, it prints a link in its terminal. <strong>Open that link</strong> and you are in, on
          this device, until you sign out.
        </p>
        <pre class="sign-in-terminal mono">
          Playhead is ready at{" "}
          <b>
            {location.origin}/sign-in?token=<i>…</i>
          </b>
        </pre>
        <form onSubmit={submit}>
          <label class="label" for="token">
            Or paste the token from the end of the link
          </label>
          <div class="sign-in-row">
            <div class="field">
              <input
                id="token"
                name="token"
                type="password"
                autocomplete="current-password"
                spellcheck={false}
                value={token.value}
                onInput={(event) => {
                  token.value = tokenOf(event.currentTarget.value);
                }}
                aria-describedby={problem.value ? "token-problem" : undefined}
                aria-invalid={problem.value !== undefined}
              />
            </div>
            <button type="submit" class="button" data-kind="primary" disabled={busy.value}>
              Sign in
            </button>
          </div>
          {problem.value && (
            <p id="token-problem" class="sign-in-problem" role="alert">
              {problem.value}
            </p>
          )}
        </form>
      </div>
    </main>
  );
}

/** Who pastes the whole link means its token. */
function tokenOf(text: string): string {
  return /[?&]token=([^&\s]+)/.exec(text)?.[1] ?? text;
}

/** Back to the page that asked, never to another site. */
function destination(query: string): string {
  const to = new URLSearchParams(query).get("to") ?? "/";
  return /^\/(?![/\\])/.test(to) && !to.startsWith("/signed-out") ? to : "/";
}

const UNKNOWN_TOKEN = "The server does not know this token. Take it from the link that the server printed last.";

/** Where the server sends who opened a link that is not valid any more. */
function refused(query: string): string | undefined {
  return new URLSearchParams(query).get("reason") === "token" ? UNKNOWN_TOKEN : undefined;
}

function explain(error: unknown): string {
  if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
    return UNKNOWN_TOKEN;
  }
  return error instanceof Error ? error.message : "Signing in did not work. Try again.";
}

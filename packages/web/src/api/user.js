import { signal } from "@preact/signals";
import { request } from "./request.js";
/** Who is signed in; undefined until known, and after signing out. */
export const user = signal(undefined);
let asked;
/** Asks once a window; who needs the user waits on the same answer. */
export function loadUser() {
  asked ??= request("/api/v1/me").then(
    (known) => {
      user.value = known;
      return known;
    },
    (error) => {
      asked = undefined;
      throw error;
    },
  );
  return asked;
}
/** Takes the token that the server printed, and becomes its user. */
export async function signIn(token) {
  await request("/api/v1/sign-in", { method: "POST", body: { token } });
  asked = undefined;
  return loadUser();
}
export async function signOut() {
  await request("/api/v1/sign-out", { method: "POST" });
  asked = undefined;
  user.value = undefined;
}
//# sourceMappingURL=user.js.map

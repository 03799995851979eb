import { signal } from "@preact/signals";
import { request } from "./request.js";

/** `GET /api/v1/me`. */
export interface SignedInUser {
  readonly id: string;
  readonly name: string;
  readonly admin: boolean;
}

/** Who is signed in; undefined until known, and after signing out. */
export const user = signal<SignedInUser | undefined>(undefined);

let asked: Promise<SignedInUser> | undefined;

/** Asks once a window; who needs the user waits on the same answer. */
export function loadUser(): Promise<SignedInUser> {
  asked ??= request<SignedInUser>("/api/v1/me").then(
    (known) => {
      user.value = known;
      return known;
    },
    (error: unknown) => {
      asked = undefined;
      throw error;
    },
  );
  return asked;
}

/** Takes the token that the server printed, and becomes its user. */
export async function signIn(token: string): Promise<SignedInUser> {
  await request<null>("/api/v1/sign-in", { method: "POST", body: { token } });
  asked = undefined;
  return loadUser();
}

export async function signOut(): Promise<void> {
  await request<null>("/api/v1/sign-out", { method: "POST" });
  asked = undefined;
  user.value = undefined;
}

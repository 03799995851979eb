/** `GET /api/v1/me`. */
export interface SignedInUser {
  readonly id: string;
  readonly name: string;
  readonly admin: boolean;
}
/** Who is signed in; undefined until known, and after signing out. */
export declare const user: import("@preact/signals-core").Signal<SignedInUser | undefined>;
/** Asks once a window; who needs the user waits on the same answer. */
export declare function loadUser(): Promise<SignedInUser>;
/** Takes the token that the server printed, and becomes its user. */
export declare function signIn(token: string): Promise<SignedInUser>;
export declare function signOut(): Promise<void>;
//# sourceMappingURL=user.d.ts.map

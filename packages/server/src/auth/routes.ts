import Type from "typebox";
import { AppError } from "../errors.js";
import type { App } from "../http.js";
import type { Auth } from "./auth.js";
import { clearSignInCookie, setSignInCookie } from "./doors.js";

const Token = Type.Object({ token: Type.String({ minLength: 1, maxLength: 512 }) });
const UserReply = Type.Object({ id: Type.String(), name: Type.String(), admin: Type.Boolean() });

/** Sign-in and users. The link that the server prints at start is `GET /sign-in?token=…`. */
export function authRoutes(app: App, auth: Auth): void {
  app.get(
    "/sign-in",
    { config: { door: "open" }, schema: { querystring: Type.Partial(Token) } },
    async (request, reply) => {
      const user = request.query.token === undefined ? undefined : await auth.userOfToken(request.query.token);
      if (!user) return reply.redirect("/signed-out?reason=token", 303);
      setSignInCookie(request, reply, user.id);
      // On to a page whose address does not hold the token.
      return reply.header("cache-control", "no-store").header("referrer-policy", "no-referrer").redirect("/", 303);
    },
  );

  app.post("/api/v1/sign-in", { config: { door: "open" }, schema: { body: Token } }, async (request, reply) => {
    const user = await auth.userOfToken(request.body.token);
    if (!user) throw new AppError("unauthorized", { message: "This token is not known here." });
    setSignInCookie(request, reply, user.id);
    return reply.code(204).send();
  });

  app.post("/api/v1/sign-out", { config: { door: "open" } }, async (_request, reply) => {
    clearSignInCookie(reply);
    return reply.code(204).send();
  });

  app.get("/api/v1/me", { schema: { response: { 200: UserReply } } }, async (request) => {
    if (!request.user) throw new AppError("unauthorized");
    return request.user;
  });

  app.get(
    "/api/v1/users",
    { config: { door: "admin" }, schema: { response: { 200: Type.Object({ users: Type.Array(UserReply) }) } } },
    async () => ({ users: [...(await auth.users())] }),
  );

  app.post(
    "/api/v1/users",
    {
      config: { door: "admin" },
      schema: {
        body: Type.Object({ name: Type.String({ minLength: 1, maxLength: 64, pattern: "^[^\\u0000-\\u001f]+$" }) }),
      },
    },
    async (request, reply) => {
      if (request.body.name === "admin") {
        throw new AppError("bad_request", { message: "The administrator's token is set by PLAYHEAD_ADMIN_TOKEN." });
      }
      const { user, token } = await auth.putUser(request.body.name);
      return reply.code(201).send({ ...user, token, signInPath: `/sign-in?token=${token}` });
    },
  );
}

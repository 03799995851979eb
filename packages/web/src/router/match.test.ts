import { describe, expect, it } from "vitest";
import { matchRoute } from "./match.js";

const routes = [{ pattern: "/" }, { pattern: "/media/:id" }, { pattern: "/dashboard/*" }];
const pattern = (path: string) => matchRoute(routes, path)?.route.pattern;

describe("matchRoute", () => {
  it("finds the root, with or without a trailing slash elsewhere", () => {
    expect(pattern("/")).toBe("/");
    expect(pattern("/media/7/")).toBe("/media/:id");
  });

  it("gives parameters decoded", () => {
    expect(matchRoute(routes, "/media/a%2Fb%20c")?.params).toEqual({ id: "a/b c" });
  });

  it("lets a star take nothing, one part and several", () => {
    expect(matchRoute(routes, "/dashboard")?.params).toEqual({ "*": "" });
    expect(matchRoute(routes, "/dashboard/views/9")?.params).toEqual({ "*": "views/9" });
  });

  it("fits no route to what is longer, shorter or not decodable", () => {
    expect(pattern("/media")).toBeUndefined();
    expect(pattern("/media/7/more")).toBeUndefined();
    expect(pattern("/media/%E0%A4%A")).toBeUndefined();
    expect(pattern("/dashboards")).toBeUndefined();
  });
});

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { signOut, user } from "../api/user.js";
import { Icon } from "../design/icon.js";
import { chooseTheme, theme } from "../design/theme.js";
import { navigate, place } from "../router/router.js";
import "./shell.css";
import { Wordmark } from "./wordmark.js";

const links = [
  { href: "/", name: "Library", covers: (path: string) => path === "/" || path.startsWith("/media/") },
  { href: "/dashboard", name: "Dashboard", covers: (path: string) => path.startsWith("/dashboard") },
];

/** The frame of every page but the player: the name, the way around, and the ruler with the marker at the present page. */
export function Shell({ children }: { children: ComponentChildren }) {
  return (
    <div class="shell">
      <a class="skip-link" href="#content">
        Skip to the content
      </a>
      <header class="shell-bar">
        <a class="shell-home" href="/" aria-label="Home, Playhead">
          <Wordmark />
        </a>
        <Navigation />
        <div class="shell-tools">
          <ThemeButton />
          {user.value && <SignOutButton />}
        </div>
      </header>
      <main id="content" class="shell-page" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function Navigation() {
  const bar = useRef<HTMLElement>(null);
  const marker = useSignal<number | undefined>(undefined);
  const { path } = place.value;

  useLayoutEffect(() => {
    const put = () => {
      const active = bar.current?.querySelector<HTMLElement>("[aria-current]");
      marker.value = active ? active.offsetLeft + active.offsetWidth / 2 : undefined;
    };
    put();
    // Faces load after the first paint and move the words.
    const observer = new ResizeObserver(put);
    for (const link of bar.current?.children ?? []) observer.observe(link);
    return () => observer.disconnect();
  }, [path, marker]);

  return (
    <nav class="shell-nav" aria-label="Main" ref={bar}>
      {links.map((link) => (
        <a key={link.href} href={link.href} aria-current={link.covers(path) ? "page" : undefined}>
          {link.name}
        </a>
      ))}
      {marker.value !== undefined && <i class="shell-marker" style={{ translate: `${marker.value}px 0` }} />}
    </nav>
  );
}

function ThemeButton() {
  const next = theme.value === "dark" ? "light" : "dark";
  const name = `Switch to the ${next} look`;
  return (
    <button type="button" class="icon-button" aria-label={name} title={name} onClick={() => chooseTheme(next)}>
      <Icon name={theme.value === "dark" ? "sun" : "moon"} />
    </button>
  );
}

function SignOutButton() {
  const go = () => navigate("/signed-out");
  const leave = () => void signOut().then(go, go);
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={`Sign out ${user.value?.name ?? ""}`}
      title="Sign out"
      onClick={leave}
    >
      <Icon name="leave" />
    </button>
  );
}

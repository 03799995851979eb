import { randomBytes } from "node:crypto";
import { chmod, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";

/** What opens the doors. Made once, kept in the data folder, readable by its owner only. */
export interface Secrets {
  readonly adminToken: string;
  readonly ingestKey: string;
  /** Signs the sign-in cookies. */
  readonly cookieSecret: string;
}

const FILE = "secrets.json";

const make = () => randomBytes(24).toString("base64url");

/**
 * Reads the kept secrets, makes the missing ones, and lets the settings overrule them. A token from the settings is not
 * written down.
 * @throws when the file is there but is not ours, so that nobody is locked out without a word.
 */
export async function loadSecrets(
  dataDir: string,
  given: { readonly adminToken: string | null; readonly ingestKey: string | null },
): Promise<Secrets> {
  const file = path.join(dataDir, FILE);
  const kept = await readKept(file);
  const secrets: Secrets = {
    adminToken: kept.get("adminToken") ?? make(),
    ingestKey: kept.get("ingestKey") ?? make(),
    cookieSecret: kept.get("cookieSecret") ?? make(),
  };
  if (kept.size < 3) {
    const fresh = `${file}.${process.pid}.tmp`;
    await writeFile(fresh, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true });
    await rename(fresh, file);
  }
  await chmod(file, 0o600);
  return {
    ...secrets,
    adminToken: given.adminToken ?? secrets.adminToken,
    ingestKey: given.ingestKey ?? secrets.ingestKey,
  };
}

async function readKept(file: string): Promise<Map<string, string>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Map();
    throw error;
  }
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== "object" || json === null) throw new Error("not an object");
    return new Map(Object.entries(json).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  } catch (cause) {
    throw new Error(`${file} is damaged. Restore it, or delete it to get new keys (everyone signs in again).`, {
      cause,
    });
  }
}

import { type FileHandle, open } from "node:fs/promises";
import { CustomSource } from "mediabunny";

/** What was read of a file and may be asked for again: a segment begins in the cluster that the one before ended in. */
const CACHE_BYTES = 8 * 1024 * 1024;

/**
 * A file for Mediabunny to read. Its own source fills each buffer with zeros first, a tenth of what a copy costs, and
 * takes what is missing of a file that was cut short for zeros, too.
 */
export function fileSource(filePath: string): CustomSource {
  let handle: FileHandle | undefined;
  return new CustomSource({
    maxCacheSize: CACHE_BYTES,
    prefetchProfile: "fileSystem",
    // What nobody waits for (reading ahead) may fail; who needs it will fail too, and be told.
    handleUnhandledError: () => {},
    async getSize() {
      handle ??= await open(filePath, "r");
      return (await handle.stat()).size;
    },
    async read(start, end) {
      if (handle === undefined) throw new Error("Read before it was opened");
      const bytes = Buffer.allocUnsafeSlow(end - start);
      const { bytesRead } = await handle.read(bytes, 0, bytes.byteLength, start);
      if (bytesRead < bytes.byteLength) throw new Error(`${filePath} ends at ${start + bytesRead}, before ${end}`);
      return bytes;
    },
    dispose() {
      void handle?.close();
      handle = undefined;
    },
  });
}

/** In the place of one part of the page; the others go on. */
export function PartFailed({ error }: { error: Error }) {
  return (
    <p class="part-failed" role="alert">
      This part could not be loaded. {error.message}
    </p>
  );
}

export function LibraryPage() {
  return <h1 class="heading">Library</h1>;
}

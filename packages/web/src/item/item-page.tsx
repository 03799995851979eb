export function ItemPage() {
  return <h1 class="heading">Film</h1>;
}

export function PlayerPage() {
  return <h1 class="heading">Player</h1>;
}

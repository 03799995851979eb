export function ViewPage({ id }: { id: string }) {
  return <h1>{id}</h1>;
}

/** The shape of the dashboard while its first figures are on their way. */
export function Skeleton() {
  return (
    <div class="dashboard-skeleton" role="status" aria-label="Loading the figures">
      <div class="headlines">
        {[0, 1, 2, 3].map((i) => (
          <div key={i} class="headline">
            <span class="skeleton" style={{ width: "5rem", height: "0.75rem" }} />
            <span class="skeleton" style={{ width: "9rem", height: "3rem" }} />
          </div>
        ))}
      </div>
      <span class="skeleton" style={{ height: "18rem" }} />
    </div>
  );
}

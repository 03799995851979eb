/** The name with the marker standing in it: play|head. */
export function Wordmark() {
  return (
    <span class="wordmark title-face" role="img" aria-label="Playhead">
      <span aria-hidden="true">play</span>
      <svg class="wordmark-marker" viewBox="0 0 9 26" width="9" height="26" aria-hidden="true">
        <path d="M0 0h9v5L5.5 8.5V26h-2V8.5L0 5z" fill="currentColor" />
      </svg>
      <span aria-hidden="true">head</span>
    </span>
  );
}

/** The corsac fox. */
export function Fox() {
  return (
    <svg className="fox" viewBox="0 0 32 32" aria-hidden="true">
      <path fill="var(--fox)" d="M3 3l8 6h10l8-6-2 15-11 11L5 18z" />
      <path fill="var(--fox-cheek)" d="M5 18l7 1 4 10zM27 18l-7 1-4 10z" />
      <circle cx="11.2" cy="14.6" r="1.5" fill="var(--fox-eye)" />
      <circle cx="20.8" cy="14.6" r="1.5" fill="var(--fox-eye)" />
      <path fill="var(--fox-eye)" d="M14 26.8h4L16 29z" />
    </svg>
  );
}

/** What the page says at an hour of the day, 0 to 23. */
export function greeting(hour) {
  if (hour < 5 || hour > 21) {
    return "Good night";
  }
  return hour < 12 ? "Good morning" : hour < 18 ? "Good afternoon" : "Good evening";
}

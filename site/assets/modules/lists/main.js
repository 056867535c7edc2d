// Pages by post, accident, activity, notice, and of conflicts.
import { wireFilters } from "./filter.js";
import { wireToday } from "./today.js";

/** Filters, and what holds today. */
export function wireLists() {
  wireToday();
  wireFilters();
}

package travel.kurswagen.reports;

/** Who travels, by departure. */
public final class DepartureReport {
}

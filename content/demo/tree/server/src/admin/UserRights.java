package travel.kurswagen.admin;

/** What a user may do. */
public final class UserRights {
}

package pages;

/**
 * What stands around the content of every page.
 *
 * @param title what the page is about, the heading
 * @param section which entry of the navigation it belongs to: {@code overview}, {@code events},
 *     {@code health}, or none
 * @param console where Hawtio is
 * @param hasSession whether there is something to log out of
 */
public record Frame(String title, String section, Assets assets, ConsoleAddress.Seen console, boolean hasSession) {}

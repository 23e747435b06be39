package travel.kurswagen.platform;

import java.util.Map;

/** Switches and values of one system. */
public final class Settings {
    private final Map<String, String> values;

    public Settings(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    public static Settings forTests() {
        return new Settings(Map.of());
    }

    public boolean isOn(String key) {
        return Boolean.parseBoolean(values.getOrDefault(key, "true"));
    }
}

package io.tuli.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a result says of how it was made. */
public final class Facts {

    private Facts() {}

    public static Map<String, Object> of(String work, Options one) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("work", work);
        facts.put("verified", true);
        for (String option :
                List.of("size", "count", "window", "clients", "servers", "copies", "warmup")) {
            facts.put(option, one.number(option));
        }
        facts.put("keys", one.keys());
        facts.put("link", one.text("link"));
        facts.put("handler", one.text("handler"));
        facts.put("replica", one.text("replica"));
        return facts;
    }
}

package org.vipmanager.log;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Keeps a trouble that lasts from filling the log: one line for each thing that goes wrong, one
 * when it is over.
 */
public final class TroubleLog {

    /** More different sentences than this within one trouble are not told. */
    private static final int MOST_SENTENCES = 16;

    private final Logger logger;
    private final Map<String, Set<String>> told = new HashMap<>();

    public TroubleLog(Logger logger) {
        this.logger = logger;
    }

    /**
     * Tells a trouble unless it was told since it began.
     *
     * @param subject what the trouble is with, such as a key
     * @param sentence the same words for the same trouble
     * @return whether it was told
     */
    public boolean began(String subject, Level level, String sentence) {
        Set<String> sentences = told.computeIfAbsent(subject, _ -> new HashSet<>());
        boolean news = sentences.size() < MOST_SENTENCES && sentences.add(sentence);
        if (news) {
            logger.log(level, sentence);
        }
        return news;
    }

    /** Tells that it is over, when there was one. */
    public void over(String subject, String sentence) {
        if (told.remove(subject) != null) {
            logger.log(Level.INFO, sentence);
        }
    }

    /** Whether there is one. */
    public boolean isOpen(String subject) {
        return told.containsKey(subject);
    }

    /** Forgets without a word what is no longer followed. */
    public void forget(String subject) {
        told.remove(subject);
    }
}

package org.vipmanager.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/** Values that are like others but in one thing. */
final class Altered {

    private Altered() {}

    /** The same record with another value of that component. */
    static <R extends Record> R copy(R like, String component, Object value) {
        RecordComponent[] components = like.getClass().getRecordComponents();
        List<String> names = Arrays.stream(components).map(RecordComponent::getName).toList();
        if (!names.contains(component)) {
            throw new IllegalArgumentException(component + " is none of " + names);
        }
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] =
                        names.get(i).equals(component)
                                ? value
                                : components[i].getAccessor().invoke(like);
            }
            @SuppressWarnings("unchecked")
            Class<R> type = (Class<R>) like.getClass();
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.linnet.kernel.sysctl;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Plain storage for the values of one table: each row has a slot in one of the arrays.
final class SysctlStore {
    private static final VarHandle OBJECT = MethodHandles.arrayElementVarHandle(Object[].class);

    final int[] ints;
    final long[] longs;
    private final @Nullable Object[] objects;

    SysctlStore(Slots slots) {
        this.ints = new int[slots.ints];
        this.longs = new long[slots.longs];
        this.objects = new @Nullable Object[slots.objects];
    }

    /// How many slots a table has given out so far. Tables are filled by class initialisers, before
    /// the first store is made.
    static final class Slots {
        private int ints;
        private int longs;
        private int objects;

        synchronized int take(Conv.Storage storage, int n) {
            return switch (storage) {
                case INT -> (ints += n) - n;
                case LONG -> (longs += n) - n;
                case OBJECT -> (objects += n) - n;
            };
        }
    }

    /// Sets a row to its default.
    void reset(Sysctl row, Object initial) {
        switch (initial) {
            case Long number -> setNumber(row, 0, number);
            case long[] numbers when row.spec().conv().storage() != Conv.Storage.OBJECT -> {
                for (int i = 0; i < numbers.length; i++) {
                    setNumber(row, i, numbers[i]);
                }
            }
            default -> setObject(row.slot(), initial);
        }
    }

    /// Copies one row's values from another store of the same table.
    void copy(Sysctl row, SysctlStore from) {
        if (row.spec().conv().storage() == Conv.Storage.OBJECT) {
            setObject(row.slot(), from.object(row.slot()));
            return;
        }
        for (int i = 0; i < row.spec().count(); i++) {
            setNumber(row, i, from.number(row, i));
        }
    }

    /// Copies all values from another store of the same table.
    void copyAll(SysctlStore from) {
        System.arraycopy(from.ints, 0, ints, 0, ints.length);
        System.arraycopy(from.longs, 0, longs, 0, longs.length);
        System.arraycopy(from.objects, 0, objects, 0, objects.length);
    }

    /// The stored form of element `i` of a row of numbers, ints extended with their sign.
    long number(Sysctl row, int i) {
        return row.spec().conv().storage() == Conv.Storage.LONG
                ? longs[row.slot() + i]
                : ints[row.slot() + i];
    }

    void setNumber(Sysctl row, int i, long stored) {
        if (row.spec().conv().storage() == Conv.Storage.LONG) {
            longs[row.slot() + i] = stored;
        } else {
            ints[row.slot() + i] = (int) stored;
        }
    }

    /// An object that another thread may just have set, with all that is in it.
    @Nullable Object object(int slot) {
        return OBJECT.getAcquire(objects, slot);
    }

    void setObject(int slot, @Nullable Object value) {
        OBJECT.setRelease(objects, slot, value);
    }
}

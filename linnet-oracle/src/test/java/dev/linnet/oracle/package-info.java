/// Every row on both kernels, the page of the results, and the reader of rows.
@org.jspecify.annotations.NullMarked
package dev.linnet.oracle;

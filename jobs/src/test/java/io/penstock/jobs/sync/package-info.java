/** Tests of syncs. */
@org.jspecify.annotations.NullMarked
package io.penstock.jobs.sync;

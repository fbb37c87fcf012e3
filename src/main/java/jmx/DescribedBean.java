package jmx;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Optional;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.StandardMBean;

/** A standard MBean that says what its {@link Described} interface says of it. */
final class DescribedBean extends StandardMBean {
    private final Class<?> type;

    <T> DescribedBean(T bean, Class<T> type) {
        super(bean, type, false);
        this.type = type;
    }

    @Override
    protected String getDescription(MBeanInfo info) {
        return type.getAnnotation(Described.class).value();
    }

    @Override
    protected String getDescription(MBeanFeatureInfo info) {
        return info.getDescription();
    }

    @Override
    protected String getDescription(MBeanAttributeInfo info) {
        return method("get" + info.getName())
                .map(getter -> getter.getAnnotation(Described.class).value())
                .orElseGet(info::getDescription);
    }

    @Override
    protected String getDescription(MBeanOperationInfo info) {
        return method(info.getName())
                .map(operation -> operation.getAnnotation(Described.class).value())
                .orElseGet(info::getDescription);
    }

    @Override
    protected String getDescription(MBeanOperationInfo operation, MBeanParameterInfo info, int sequence) {
        return parameter(operation, sequence).map(Described::value).orElseGet(info::getDescription);
    }

    @Override
    protected String getParameterName(MBeanOperationInfo operation, MBeanParameterInfo info, int sequence) {
        return parameter(operation, sequence).map(Described::name).orElseGet(info::getName);
    }

    private Optional<Described> parameter(MBeanOperationInfo operation, int sequence) {
        return method(operation.getName())
                .map(Method::getParameters)
                .map(parameters -> annotation(parameters[sequence]));
    }

    private static Described annotation(Parameter parameter) {
        return parameter.getAnnotation(Described.class);
    }

    /** No operation has the name of another. */
    private Optional<Method> method(String name) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst();
    }
}
